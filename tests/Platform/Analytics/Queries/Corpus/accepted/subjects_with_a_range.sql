-- dataset: shop
SELECT count(*) FROM (SELECT "user", count(*) AS n FROM shop WHERE time >= DATE '2024-02-01' AND time < DATE '2024-03-01' AND vip GROUP BY "user") WHERE n >= 2
