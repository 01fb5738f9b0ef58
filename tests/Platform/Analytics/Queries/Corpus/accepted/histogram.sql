-- dataset: shop
SELECT histogram(qty, [10, 50]) FROM shop
