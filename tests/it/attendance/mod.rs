mod check_in;
