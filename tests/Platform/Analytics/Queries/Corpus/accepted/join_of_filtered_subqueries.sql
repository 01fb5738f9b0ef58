-- dataset: shop
SELECT l.city, count(*) FROM (SELECT "user", city FROM shop WHERE action = 'look') l JOIN (SELECT "user" FROM shop WHERE action = 'buy') b ON l."user" = b."user" GROUP BY l.city
