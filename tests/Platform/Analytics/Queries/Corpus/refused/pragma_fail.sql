-- dataset: shop
-- code: not_select
PRAGMA database_list
