-- dataset: shop
-- code: field_not_allowed
-- fragment: u
SELECT u, count(*) FROM (SELECT "user" AS u, count(*) AS n FROM shop GROUP BY "user") GROUP BY u
