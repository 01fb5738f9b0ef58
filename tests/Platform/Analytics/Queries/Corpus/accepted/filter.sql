-- dataset: shop
SELECT count(*) FILTER (WHERE vip) FROM shop
