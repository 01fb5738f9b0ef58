-- dataset: shop
SELECT mean(qty) FROM shop
