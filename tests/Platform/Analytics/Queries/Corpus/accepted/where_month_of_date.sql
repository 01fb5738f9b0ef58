-- dataset: shop
SELECT count(*) FROM shop WHERE extract(month FROM born) = 5
