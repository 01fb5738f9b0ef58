-- dataset: shop
-- code: not_select
SHOW TABLES
