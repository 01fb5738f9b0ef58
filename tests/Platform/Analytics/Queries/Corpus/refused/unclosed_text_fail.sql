-- dataset: shop
-- code: syntax_error
SELECT count(*) FROM shop WHERE city = 'Wien
