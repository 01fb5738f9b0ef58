-- dataset: shop
-- code: star
SELECT columns('.*') FROM shop
