-- dataset: shop
-- code: not_select
ATTACH 'x.db'
