-- dataset: shop
-- code: limit
SELECT count(*) FROM (SELECT * FROM shop LIMIT 10)
