-- dataset: shop
-- code: invalid_value
SELECT count(*) FROM shop WHERE qty = 123456789012345678901234567890123
