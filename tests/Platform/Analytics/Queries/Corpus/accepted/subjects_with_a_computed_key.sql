-- dataset: shop
SELECT h, count(*) FROM (SELECT "user", date_part('hour', time) AS h, count(*) AS n FROM shop GROUP BY 1, 2) WHERE n > 1 GROUP BY h
