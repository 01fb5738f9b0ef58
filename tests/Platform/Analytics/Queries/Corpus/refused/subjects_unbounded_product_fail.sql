-- dataset: shop
-- code: range_too_large
SELECT count(*) FROM (SELECT "user", count(*) * count(*) AS s FROM shop GROUP BY "user") WHERE s > 2
