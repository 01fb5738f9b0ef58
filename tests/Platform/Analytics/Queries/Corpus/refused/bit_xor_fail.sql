-- dataset: shop
-- code: unknown_function
SELECT bit_xor(qty) FROM shop
