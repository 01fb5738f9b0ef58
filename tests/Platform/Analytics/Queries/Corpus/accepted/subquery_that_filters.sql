-- dataset: shop
SELECT count(*) FROM (SELECT * FROM shop WHERE vip) s WHERE s.qty > 3
