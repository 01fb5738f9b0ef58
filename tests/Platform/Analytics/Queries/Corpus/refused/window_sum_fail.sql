-- dataset: shop
-- code: window_function
SELECT sum(qty) OVER () FROM shop
