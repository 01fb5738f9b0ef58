-- dataset: shop
-- code: field_not_allowed
SELECT count(*) FROM (SELECT "user", count(DISTINCT "user") AS n FROM shop GROUP BY "user") WHERE n = 1
