-- dataset: shop
SELECT count(DISTINCT s.user) FROM shop s
