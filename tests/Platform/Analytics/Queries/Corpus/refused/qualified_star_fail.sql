-- dataset: shop
-- code: star
SELECT s.* FROM shop s
