-- dataset: shop
-- code: field_not_allowed
SELECT count(*) FROM (SELECT "user", count(email) AS s FROM shop GROUP BY "user") WHERE s > 1
