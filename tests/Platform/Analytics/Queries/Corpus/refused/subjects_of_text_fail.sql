-- dataset: shop
-- code: field_not_allowed
SELECT count(*) FROM (SELECT "user", sum(city) AS s FROM shop GROUP BY "user")
