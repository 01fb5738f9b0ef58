-- dataset: shop
SELECT count(*) FROM (SELECT "user", count(*) FILTER (WHERE action = 'buy') AS buys, count_if(action = 'look') AS looks FROM shop GROUP BY "user") WHERE buys > looks
