-- dataset: shop
SELECT count(*) FROM shop WHERE city = 'Wien' OR vip
