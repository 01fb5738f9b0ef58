-- dataset: shop
SELECT var_pop(amount) FROM shop
