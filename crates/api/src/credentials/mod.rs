mod problem;
