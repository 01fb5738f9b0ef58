-- dataset: shop
-- code: not_select
INSTALL httpfs
