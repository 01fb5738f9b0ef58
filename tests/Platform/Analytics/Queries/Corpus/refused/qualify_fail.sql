-- dataset: shop
-- code: qualify
SELECT count(*) FROM shop QUALIFY row_number() OVER () = 1
