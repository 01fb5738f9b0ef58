-- dataset: shop
-- code: star
SELECT * FROM shop
