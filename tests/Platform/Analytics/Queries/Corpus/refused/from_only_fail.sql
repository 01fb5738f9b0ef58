-- dataset: shop
-- code: star
FROM shop
