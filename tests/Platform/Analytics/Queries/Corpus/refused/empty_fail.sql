-- dataset: shop
-- code: one_statement

