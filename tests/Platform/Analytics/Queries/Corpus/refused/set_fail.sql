-- dataset: shop
-- code: not_select
SET threads = 1
