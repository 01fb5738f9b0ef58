-- dataset: shop
SELECT count(*), count(*) FILTER (WHERE qty > 3) FROM shop
