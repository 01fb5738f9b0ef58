-- dataset: shop
-- code: not_select
DESCRIBE shop
