-- dataset: shop
SELECT count(DISTINCT "user") FROM shop
