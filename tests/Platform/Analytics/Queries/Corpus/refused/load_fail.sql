-- dataset: shop
-- code: not_select
LOAD 'x'
