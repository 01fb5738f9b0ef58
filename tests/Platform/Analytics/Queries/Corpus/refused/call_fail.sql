-- dataset: shop
-- code: not_select
CALL pragma_version()
