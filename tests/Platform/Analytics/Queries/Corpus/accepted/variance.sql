-- dataset: shop
SELECT variance(amount) FROM shop
