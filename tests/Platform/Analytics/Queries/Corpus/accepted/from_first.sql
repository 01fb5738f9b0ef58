-- dataset: shop
FROM shop SELECT count(*)
