-- dataset: shop
-- code: syntax_error
SELEC count(*) FROM shop
