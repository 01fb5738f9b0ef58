-- dataset: shop
-- code: one_statement
SELECT count(*) FROM shop; SELECT count(*) FROM shop
