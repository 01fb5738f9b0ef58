-- dataset: shop
SELECT count(nullif(qty, 0)) FROM shop
