-- dataset: shop
-- code: invalid_value
SELECT count(*) FROM shop WHERE qty = 'three'
