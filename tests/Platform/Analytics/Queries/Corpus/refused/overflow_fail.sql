-- dataset: shop
-- code: range_too_large
SELECT sum(qty * qty * qty * qty * qty * qty * qty * qty * qty) FROM shop
