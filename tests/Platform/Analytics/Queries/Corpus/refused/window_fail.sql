-- dataset: shop
-- code: window_function
-- fragment: row_number() OVER (ORDER BY qty)
SELECT row_number() OVER (ORDER BY qty) FROM shop
