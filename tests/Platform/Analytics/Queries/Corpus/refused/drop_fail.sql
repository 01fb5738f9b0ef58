-- dataset: shop
-- code: not_select
DROP TABLE shop
