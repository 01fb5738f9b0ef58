-- dataset: shop
-- code: star
SELECT count(*) FROM (SELECT city, nosuch.* FROM shop)
