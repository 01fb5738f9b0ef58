-- dataset: shop
-- code: field_not_allowed
SELECT u, count(*) FROM (SELECT "user" AS u FROM shop) GROUP BY u
