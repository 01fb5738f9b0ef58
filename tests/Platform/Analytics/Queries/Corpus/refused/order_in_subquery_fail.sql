-- dataset: shop
-- code: limit
SELECT count(*) FROM (SELECT * FROM shop ORDER BY qty)
