-- dataset: shop
SELECT count_if(vip) FILTER (WHERE qty > 3) FROM shop
