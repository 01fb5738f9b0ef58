-- dataset: shop
SELECT histogram(qty, [0, 10, 50]) FROM shop
