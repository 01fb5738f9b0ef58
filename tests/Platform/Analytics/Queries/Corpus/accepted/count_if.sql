-- dataset: shop
SELECT count_if(vip) FROM shop
