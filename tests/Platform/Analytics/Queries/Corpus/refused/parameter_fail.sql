-- dataset: shop
-- code: parameter
SELECT count(*) FROM shop WHERE qty = ?
