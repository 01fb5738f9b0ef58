-- dataset: shop
SELECT floor(n / 5) * 5 AS some, count(*) FROM (SELECT "user", least(20, count(*)) AS n FROM shop GROUP BY "user") GROUP BY 1
