-- dataset: shop
-- code: not_grouped
SELECT count(*) FROM (SELECT * FROM shop GROUP BY "user")
